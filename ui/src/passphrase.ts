import '~/lib/format/locale';
import '~/styles/tokens.css';
import '~/styles/base.css';
import { mount } from 'svelte';
import { openPassphraseHost } from '~/lib/host';
import Passphrase from '~/screens/signin/Passphrase.svelte';

const target = document.getElementById('app');
if (target) mount(Passphrase, { target, props: { host: await openPassphraseHost() } });
