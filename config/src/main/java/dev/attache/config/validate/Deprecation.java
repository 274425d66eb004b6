package dev.attache.config.validate;

import dev.attache.api.MessageType;
import dev.attache.config.Diagnostics;
import dev.attache.config.FieldPlace;

/**
 * A deprecated field or enum value that is set.
 *
 * @param owner the message that has the field
 * @param feature full name of the field or value, by which runtime allows it
 * @param file the proto file that declares it
 * @param disallowed whether it is refused unless it is allowed
 */
record Deprecation(
        FieldPlace place, MessageType owner, String feature, String file, boolean disallowed) {
    private static final String ADVICE =
            " If continued use of this field is absolutely necessary, see"
                    + " https://www.envoyproxy.io/docs/envoy/latest/configuration/operations/runtime#using-runtime-overrides-for-deprecated-features"
                    + " for how to apply a temporary and highly discouraged override.";

    private static final String SOON =
            " This configuration will be removed from Envoy soon. Please see"
                    + " https://www.envoyproxy.io/docs/envoy/latest/version_history/version_history"
                    + " for details.";

    void report(DeprecatedFeatures features, Diagnostics diagnostics) {
        if (disallowed && !features.allowed().test(feature)) {
            diagnostics.error(place.path(), text() + ADVICE);
        } else if (features.mentioned().test(feature)) {
            diagnostics.warning(place.path(), text() + SOON + ADVICE);
        }
    }

    private String text() {
        return "Deprecated field: type "
                + owner.fullName()
                + " Using deprecated option '"
                + feature
                + "' from file "
                + file.substring(file.lastIndexOf('/') + 1)
                + ".";
    }
}
