export * from './keymap';
export * from './keys';
