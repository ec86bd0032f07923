export const signin = {
  title: 'Sign in',
  lead: 'Whoever acknowledges, requests or approves does it by name. Looking needs no sign-in.',
  roles: (roles: string) => roles,
  role: {
    operator: 'operator',
    engineer: 'engineer',
    approver: 'approver',
    administrator: 'administrator',
  },
  demoPassphrase: 'demo passphrase',
  signIn: 'Sign in',
  nobody: 'Nobody can sign in at this station yet.',
  asks: 'The passphrase is asked in a window of its own.',
};
