// Line icons on a 20 × 20 grid, stroke 1.5.
const circle = (x: number, y: number, r: number) =>
  `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0`;

export const ICONS = {
  plant: ['M3 3h6v6H3z', 'M11 3h6v6h-6z', 'M3 11h6v6H3z', 'M11 11h6v6h-6z'],
  trends: ['M2.5 17.5h15M3 13l4-4 3 3 7-8'],
  alarms: ['M10 2.5 18 17H2z', 'M10 8v4M10 14.3v.2'],
  configs: [
    'M3 5h8M15 5h2M3 10h2M9 10h8M3 15h7M14 15h3',
    circle(13, 5, 1.8),
    circle(7, 10, 1.8),
    circle(12, 15, 1.8),
  ],
  reports: ['M5 2.5h7l3.5 3.5v11.5H5z', 'M12 2.5V6h3.5M7.5 10h5M7.5 13.5h5'],
  settings: [
    circle(10, 10, 2.6),
    'M10 2.5v2.3M10 15.2v2.3M2.5 10h2.3M15.2 10h2.3M4.7 4.7l1.6 1.6M13.7 13.7l1.6 1.6M15.3 4.7l-1.6 1.6M6.3 13.7l-1.6 1.6',
  ],
  help: ['M7 7.5a3 3 0 1 1 4.5 2.6c-1 .6-1.5 1.1-1.5 2.2M10 15v.2'],
  sound: ['M3 8v4h3l4 3V5L6 8z', 'M13 7.5a4 4 0 0 1 0 5M15.3 5.5a7 7 0 0 1 0 9'],
  mute: ['M3 8v4h3l4 3V5L6 8z', 'M13.5 8l4 4M17.5 8l-4 4'],
  search: [circle(9, 9, 5), 'm13 13 4 4'],
  clock: [circle(10, 10, 7), 'M10 6v4.2l3 1.8'],
  pending: ['M4 4h8M4 8h8M4 12h4M11 13.5l5-5 2 2-5 5h-2z'],
  document: ['M5 2.5h7l3.5 3.5v11.5H5z', 'M12 2.5V6h3.5'],
  down: ['m6 8 4 4 4-4'],
  right: ['m8 6 4 4-4 4'],
  left: ['m12 6-4 4 4 4'],
  check: ['m4 10.5 4 4 8-9'],
  close: ['m5 5 10 10M15 5 5 15'],
  plus: ['M10 4v12M4 10h12'],
  tear: ['M8 4H4v12h12v-4M11 4h5v5M16 4l-7 7'],
  undo: ['M7 4 3.5 7.5 7 11M4 7.5h8a4.5 4.5 0 0 1 0 9H9'],
  theme: [circle(10, 10, 7), 'M10 3v14M10 6l6.2 7M10 11l3.5 5'],
  differs: ['M4 7.5h12M4 12.5h12M13 4 7 16'],
  unknown: [
    'M4 7.5A6.5 6.5 0 0 1 7.5 4M12.5 4A6.5 6.5 0 0 1 16 7.5M16 12.5a6.5 6.5 0 0 1-3.5 3.5M7.5 16A6.5 6.5 0 0 1 4 12.5',
  ],
  copy: ['M7 7h10v10H7z', 'M13 7V3H3v10h4'],
  folder: ['M2.5 5h5l2 2h8v9h-15z'],
  eye: ['M2 10c2-3.5 5-5 8-5s6 1.5 8 5c-2 3.5-5 5-8 5s-6-1.5-8-5', circle(10, 10, 2.2)],
  lock: ['M5 9h10v8H5z', 'M7 9V6.5a3 3 0 0 1 6 0V9'],
  user: [circle(10, 7, 3), 'M4 17c.5-3.5 3-5 6-5s5.5 1.5 6 5'],
  export: ['M10 3v9M6.5 8.5 10 12l3.5-3.5M4 16.5h12'],
} as const satisfies Record<string, readonly string[]>;
