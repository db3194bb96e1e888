/** Naive UI in this page's colours: one set of overrides, read from the tokens of `styles/tokens.css`. */

import type { GlobalThemeOverrides } from 'naive-ui'

import type { Theme } from '@/store/look'

/** Returns the overrides for a theme; its tokens are read from the document, which has the theme from here on. */
export function overridesOf(theme: Theme): GlobalThemeOverrides {
  document.documentElement.dataset['theme'] = theme
  const style = getComputedStyle(document.documentElement)
  const token = (name: string): string => style.getPropertyValue(`--${name}`).trim()
  const [accent, text, text2, text3] = [token('accent'), token('text'), token('text2'), token('text3')]
  return {
    common: {
      fontFamily: token('font'),
      fontFamilyMono: token('mono'),
      fontSize: '13px', fontSizeMini: '12px', fontSizeTiny: '12px', fontSizeSmall: '13px', fontSizeMedium: '13px', fontSizeLarge: '14px',
      fontWeightStrong: '600',
      borderRadius: token('r'), borderRadiusSmall: '2px',
      heightTiny: '22px', heightSmall: '26px', heightMedium: '28px', heightLarge: '34px',
      primaryColor: accent, primaryColorHover: accent, primaryColorPressed: accent, primaryColorSuppl: accent,
      infoColor: accent, infoColorHover: accent, infoColorPressed: accent, infoColorSuppl: accent,
      successColor: token('ok'), successColorHover: token('ok'), successColorPressed: token('ok'), successColorSuppl: token('ok'),
      warningColor: token('warn'), warningColorHover: token('warn'), warningColorPressed: token('warn'), warningColorSuppl: token('warn'),
      errorColor: token('bad'), errorColorHover: token('bad'), errorColorPressed: token('bad'), errorColorSuppl: token('bad'),
      textColorBase: text, textColor1: text, textColor2: text, textColor3: text3,
      textColorDisabled: text3, placeholderColor: text3, placeholderColorDisabled: text3, iconColor: text3,
      bodyColor: token('bg'), cardColor: token('surface'), modalColor: token('raised'), popoverColor: token('raised'), tableColor: token('surface'),
      inputColor: token('surface'), inputColorDisabled: token('bg'), actionColor: token('bg'), tagColor: token('bg'),
      borderColor: token('line2'), dividerColor: token('line'), hoverColor: token('hover'), tableHeaderColor: token('surface'), tableColorHover: token('hover'),
      boxShadow1: 'none', boxShadow2: token('shadow'), boxShadow3: token('shadow'),
    },
    // The wave behind a pressed button is motion without meaning.
    Button: { rippleDuration: '0s', waveOpacity: '0', textColorText: text2 },
    Checkbox: { sizeMedium: '14px' },
    Tooltip: { color: text, textColor: token('surface') },
    Tree: { nodeHeight: '28px', nodeColorActive: token('sel'), nodeColorHover: token('hover') },
  }
}
