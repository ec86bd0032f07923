/** True where an invented plant may stand in for the core: development, tests, screenshots. */
declare const __FAKE_HOST__: boolean;
