// Tells the styles on which system the page runs. Each font family that a system lacks is looked up anew for every size
// and weight: with one list for all systems the first layout of the plant spends 300 ms on that under Linux.

if (navigator.userAgent.includes('Linux')) document.documentElement.dataset.platform = 'linux';
