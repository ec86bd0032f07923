export const signin = {
  title: 'Sign in',
  lead: 'Whoever acknowledges, requests or approves does it by name. Looking needs no sign-in.',
  users: 'Users at this station',
  role: {
    operator: 'operator',
    engineer: 'engineer',
    approver: 'approver',
    administrator: 'administrator',
    viewer: 'viewer',
  },
  demoPassphrase: 'demo passphrase',
  nobody: 'Nobody can sign in at this station yet.',
  asks: 'The passphrase is asked in a window of its own.',
  waiting: 'Waiting for the passphrase window',
  cancelled: 'Given up in the passphrase window.',
};
