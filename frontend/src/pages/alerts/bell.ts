/** A sound and a notification of the browser for a new alert: only where the dispatcher asked for them. */

import { ref } from 'vue'

import { recall, remember } from '@/store/memory'

export const hasSound = ref(recall<boolean>('alertSound') ?? false)
export const hasNotice = ref((recall<boolean>('alertNotice') ?? false) && 'Notification' in window && Notification.permission === 'granted')

const TONES_HZ = { grave: [880, 660, 880], slight: [660] } as const
const TONE_S = 0.16
let context: AudioContext | null = null

export function setSound(isOn: boolean): void {
  hasSound.value = isOn
  remember('alertSound', isOn)
  if (isOn) play(false) // heard at once, so that the volume is known before the night
}

/** Asks the browser's own question where it has not been answered; false when the person said no there. */
export async function setNotice(isOn: boolean): Promise<boolean> {
  const allowed = isOn && 'Notification' in window && (Notification.permission === 'granted' || (await Notification.requestPermission()) === 'granted')
  hasNotice.value = allowed
  remember('alertNotice', allowed)
  return allowed === isOn
}

export function ring(text: string, isGrave: boolean): void {
  if (hasSound.value) play(isGrave)
  if (hasNotice.value && document.visibilityState !== 'visible') new Notification('irzhub', { body: text, tag: 'irzhub-alert' })
}

function play(isGrave: boolean): void {
  context ??= new AudioContext()
  const volume = context.createGain()
  volume.gain.value = 0.15
  volume.connect(context.destination)
  TONES_HZ[isGrave ? 'grave' : 'slight'].forEach((hertz, place) => {
    if (context === null) return
    const tone = context.createOscillator()
    tone.frequency.value = hertz
    tone.connect(volume)
    tone.start(context.currentTime + place * TONE_S * 1.3)
    tone.stop(context.currentTime + place * TONE_S * 1.3 + TONE_S)
  })
}
