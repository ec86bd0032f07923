export { App, getApp, setApp } from './app.svelte';
export type { Intent, ScreenId } from './router.svelte';
export { SCREENS } from './router.svelte';
export type { Theme } from './ui-settings.svelte';
