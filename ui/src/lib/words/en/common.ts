export const time = {
  seconds: (n: string) => `${n} s`,
  minutes: (n: string) => `${n} min`,
  hours: (n: string) => `${n} h`,
  wholeDays: (n: string) => `${n} d`,
  days: (n: number, rest: string) => `${n} d ${rest}`,
};

export const common = {
  product: 'Panfloor',
  cancel: 'Cancel',
  close: 'Close',
  retry: 'Try again',
  loading: 'Loading',
  none: '–',
  failed: (sentence: string) => `That did not work: ${sentence}`,
  filter: 'Filter',
};
