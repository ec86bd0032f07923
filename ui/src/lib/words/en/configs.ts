export const configs = {
  title: 'Configs',
};
