/** How many SMS a text takes, as the sender pays for it (3GPP TS 23.038: 160 characters of its alphabet, else 70). */

const BASIC = '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà'
const EXTENDED = '^{}\\[~]|€\f'

export interface Size {
  characters: number
  parts: number
  /** What still fits into the last part. */
  left: number
}

export function sizeOf(text: string): Size {
  const basic = [...text].every((char) => BASIC.includes(char) || EXTENDED.includes(char))
  const characters = basic ? [...text].reduce((sum, char) => sum + (EXTENDED.includes(char) ? 2 : 1), 0) : text.length
  const [one, many] = basic ? [160, 153] : [70, 67]
  const parts = characters <= one ? 1 : Math.ceil(characters / many)
  return { characters, parts, left: (parts === 1 ? one : parts * many) - characters }
}
