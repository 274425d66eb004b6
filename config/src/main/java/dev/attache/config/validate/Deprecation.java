package dev.attache.config.validate;

import dev.attache.api.EnumValue;
import dev.attache.api.FieldType;
import dev.attache.api.MessageType;
import dev.attache.config.Diagnostics;
import dev.attache.config.FieldPlace;
import org.jspecify.annotations.Nullable;

/**
 * A deprecated field that is set, or an enum field that has a deprecated value.
 *
 * @param owner the message that has the field
 * @param value what is deprecated of the field's enum; null: the field itself is
 * @param implied whether the field has the value for not being set
 */
record Deprecation(
        FieldPlace place,
        MessageType owner,
        FieldType field,
        @Nullable EnumValue value,
        boolean implied) {
    private static final String DETAILS =
            ". Please see"
                    + " https://www.envoyproxy.io/docs/envoy/latest/version_history/version_history"
                    + " for details. If continued use of this field is absolutely necessary, see"
                    + " https://www.envoyproxy.io/docs/envoy/latest/configuration/operations/runtime#using-runtime-overrides-for-deprecated-features"
                    + " for how to apply a temporary and highly discouraged override.";

    void report(DeprecatedFeatures features, Diagnostics diagnostics) {
        String feature = value == null ? field.fullName() : value.fullName();
        boolean disallowed = value == null ? field.isDisallowed() : value.isDisallowed();
        if (disallowed && !features.allowed().test(feature)) {
            diagnostics.error(place.path(), text(""));
        } else if (features.mentioned().test(feature)) {
            String overridden =
                    disallowed ? "runtime overrides to continue using now fatal-by-default " : "";
            diagnostics.warning(place.path(), "Deprecated field: " + text(overridden));
        }
    }

    /**
     * As Envoy says it.
     *
     * @param overridden said of a field that would be refused
     */
    private String text(String overridden) {
        StringBuilder text = new StringBuilder("type ").append(owner.fullName()).append(" Using ");
        if (value == null) {
            text.append(overridden).append("deprecated option '");
        } else {
            text.append(implied ? "the default now-deprecated value " : "deprecated value ")
                    .append(value.name())
                    .append(" for enum '");
        }
        String file = field.owner().file();
        text.append(field.fullName())
                .append("' from file ")
                .append(file, file.lastIndexOf('/') + 1, file.length())
                .append(value == null ? ". This configuration" : ". This enum value")
                .append(" will be removed from Envoy soon");
        if (implied) {
            text.append(" so a non-default value must now be explicitly set");
        }
        return text.append(DETAILS).toString();
    }
}
