package dev.attache.config.validate;

import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dev.attache.config.Diagnostics;
import dev.attache.config.FieldPlace;
import dev.attache.config.api.NewerApi;
import envoy.annotations.Deprecation;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Finds deprecated fields and enum values in use. A deprecated one is warned about and accepted;
 * one that Envoy disallows by default is rejected unless the runtime key {@code
 * envoy.deprecated_features:<full name>} allows it.
 */
public final class DeprecatedFields {
    private static final String ADVICE =
            " If continued use of this field is absolutely necessary, see"
                    + " https://www.envoyproxy.io/docs/envoy/latest/configuration/operations/runtime#using-runtime-overrides-for-deprecated-features"
                    + " for how to apply a temporary and highly discouraged override.";

    private static final Set<FieldDescriptor.JavaType> SCANNED =
            EnumSet.of(FieldDescriptor.JavaType.MESSAGE, FieldDescriptor.JavaType.ENUM);

    private final Predicate<String> allowed;
    private final Predicate<String> mentioned;

    /**
     * @param allowed whether runtime allows a feature that is disallowed by default, by full field
     *     name
     */
    public DeprecatedFields(Predicate<String> allowed) {
        this(allowed, name -> true);
    }

    /**
     * @param allowed whether runtime allows a feature that is disallowed by default, by full field
     *     name
     * @param mentioned whether the use of a deprecated feature is worth a warning, by full name;
     *     asked once for each use
     */
    public DeprecatedFields(Predicate<String> allowed, Predicate<String> mentioned) {
        this.allowed = allowed;
        this.mentioned = mentioned;
    }

    /** The same with other features allowed. */
    public DeprecatedFields allowing(Predicate<String> features) {
        return new DeprecatedFields(features, mentioned);
    }

    /** Reports deprecated features; returns how many were found. */
    public int scan(Message scanned, String path, Diagnostics diagnostics) {
        return scan(scanned, FieldPlace.root(path), diagnostics);
    }

    private int scan(Message scanned, FieldPlace place, Diagnostics diagnostics) {
        Message message = NewerApi.view(scanned);
        int found = 0;
        for (Map.Entry<FieldDescriptor, Object> entry : message.getAllFields().entrySet()) {
            FieldDescriptor field = entry.getKey();
            if (field.getOptions().getDeprecated()) {
                boolean fatal = field.getOptions().getExtension(Deprecation.disallowedByDefault);
                String what = describe(message, field.getFullName(), field.getFile().getName());
                report(what, field.getFullName(), fatal, place.field(field), diagnostics);
                found++;
            }
            found += scanValue(message, field, entry.getValue(), place, diagnostics);
        }
        return found;
    }

    private int scanValue(
            Message owner,
            FieldDescriptor field,
            Object value,
            FieldPlace place,
            Diagnostics diagnostics) {
        if (!SCANNED.contains(field.getJavaType())) {
            return 0;
        }
        if (!field.isRepeated()) {
            return scanItem(owner, value, place.field(field), diagnostics);
        }
        int found = 0;
        int index = 0;
        for (Object item : (List<?>) value) {
            found += scanItem(owner, item, place.item(field, index++), diagnostics);
        }
        return found;
    }

    private int scanItem(Message owner, Object value, FieldPlace place, Diagnostics diagnostics) {
        return switch (value) {
            case Message message when !isGoogle(message) -> scan(message, place, diagnostics);
            case EnumValueDescriptor constant when constant.getOptions().getDeprecated() -> {
                boolean fatal =
                        constant.getOptions().getExtension(Deprecation.disallowedByDefaultEnum);
                String what = describe(owner, constant.getFullName(), constant.getFile().getName());
                report(what, constant.getFullName(), fatal, place, diagnostics);
                yield 1;
            }
            default -> 0;
        };
    }

    private static boolean isGoogle(Message message) {
        return message.getDescriptorForType().getFullName().startsWith("google.protobuf.");
    }

    private static String describe(Message owner, String name, String file) {
        return "Deprecated field: type %s Using deprecated option '%s' from file %s."
                .formatted(
                        owner.getDescriptorForType().getFullName(),
                        name,
                        file.substring(file.lastIndexOf('/') + 1));
    }

    private void report(
            String what, String name, boolean fatal, FieldPlace place, Diagnostics diagnostics) {
        if (fatal && !allowed.test(name)) {
            diagnostics.error(place.path(), what + ADVICE);
        } else if (mentioned.test(name)) {
            diagnostics.warning(
                    place.path(),
                    what
                            + " This configuration will be removed from Envoy soon. Please see"
                            + " https://www.envoyproxy.io/docs/envoy/latest/version_history/version_history"
                            + " for details."
                            + ADVICE);
        }
    }
}
