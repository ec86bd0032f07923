export const plant = { title: 'Plant' };
