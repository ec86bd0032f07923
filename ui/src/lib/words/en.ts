// The catalogue: all texts of the user interface, by part. Parameters are typed; counts go through `plural`.
import { alarms } from './en/alarms';
import { common, time } from './en/common';
import { configs } from './en/configs';
import { firststart } from './en/firststart';
import { frame } from './en/frame';
import { keymap } from './en/keymap';
import { keys } from './en/keys';
import { passphrase } from './en/passphrase';
import { plant } from './en/plant';
import { process } from './en/process';
import { settings } from './en/settings';
import { signin } from './en/signin';
import { trends } from './en/trends';

export const en = {
  alarms,
  common,
  configs,
  firststart,
  frame,
  keymap,
  keys,
  passphrase,
  plant,
  process,
  settings,
  signin,
  time,
  trends,
};

export type Words = typeof en;
