import '~/lib/platform';
import '~/lib/format/locale';
import '~/styles/tokens.css';
import '~/styles/base.css';
import { mount } from 'svelte';
import { openHost } from '~/lib/host';
import { App } from '~/lib/stores';
import { applyTheme, rememberedTheme } from '~/lib/stores/ui-settings.svelte';
import Frame from '~/frame/Frame.svelte';

applyTheme(rememberedTheme());
const target = document.getElementById('app');
if (target) mount(Frame, { target, props: { app: new App(await openHost()) } });
