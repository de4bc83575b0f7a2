import type { FieldPath } from "./Field.ts"
import type { Settings } from "./Setting.ts"
import { contextSettings } from "./table/contextSettings.ts"
import { exportSettings } from "./table/exportSettings.ts"
import { headerSettings } from "./table/headerSettings.ts"
import { privacySettings } from "./table/privacySettings.ts"
import { programSettings } from "./table/programSettings.ts"
import { spanSettings } from "./table/spanSettings.ts"

/**
 * Describes every setting once: parsing, errors, suggestions, the resolved view and the documentation follow from it.
 *
 * **Details**
 *
 * The key is the path of the field it fills. Its variables stand in order of precedence: `TRACING_*` before `OTEL_*`, the
 * special before the general. A new setting is a field of {@link TracingSettings} and an entry in a part of this table; the
 * compiler asks for the one when it finds the other.
 *
 * @category settings
 * @since 0.1.0
 */
export const settingsTable: Settings<FieldPath> = {
  ...programSettings,
  ...spanSettings,
  ...headerSettings,
  ...privacySettings,
  ...contextSettings,
  ...exportSettings
}
