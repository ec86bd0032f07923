// The passphrase window: plain, small, and apart from everything else. The text goes from the field to the host and
// nowhere else; it is never kept here.
import '~/lib/platform';
import '~/lib/format/locale';
import '~/styles/tokens.css';
import '~/styles/base.css';
import '~/screens/signin/passphrase.css';
import { openPassphraseHost } from '~/lib/host';
import { showPassphrase } from '~/screens/signin/passphrase';

const target = document.getElementById('app');
if (target) await showPassphrase(target, await openPassphraseHost());
