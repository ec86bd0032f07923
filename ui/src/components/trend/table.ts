// The pen table as text, for the clipboard: tabs between cells, as spreadsheets read them.

/** A cell must not break the row it stands in. */
const flat = (cell: string): string => cell.replace(/[\t\r\n]+/g, ' ');

export function tableText(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => row.map(flat).join('\t')).join('\n');
}
