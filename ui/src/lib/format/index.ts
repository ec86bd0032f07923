// The only place where numbers, dates, durations and sizes become text.
export * from './locale';
export * from './number';
export * from './parse';
export * from './time';
