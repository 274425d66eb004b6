package dev.attache.filters.opentelemetry;

import com.google.protobuf.Any;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.load.TypeRegistry;
import dev.attache.proxy.http.Octets;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.extensions.tracers.opentelemetry.resource_detectors.v3.StaticConfigResourceDetectorConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code resource_detectors}: find out attributes of the resource that data is about. */
public final class ResourceFactory {

    private static final String DETECTORS =
            "envoy.extensions.tracers.opentelemetry.resource_detectors.v3.";
    private static final String VARIABLE = "OTEL_RESOURCE_ATTRIBUTES";

    private ResourceFactory() {}

    /**
     * Lets each detector in turn add what it finds, or replace what was there.
     *
     * @param attributes in octets
     * @param context of the message whose field {@code resource_detectors} is
     */
    public static void detect(
            List<TypedExtensionConfig> detectors,
            Map<String, String> attributes,
            CompileContext context) {
        for (int i = 0; i < detectors.size(); i++) {
            detect(detectors.get(i), context.at("resource_detectors", i))
                    .forEach((name, value) -> {
                        if (!value.isEmpty()) {
                            attributes.put(name, value);
                        }
                    });
        }
    }

    private static Map<String, String> detect(
            TypedExtensionConfig detector, CompileContext context) {
        Any typed = detector.getTypedConfig();
        String type = TypeRegistry.nameOf(typed.getTypeUrl());
        CompileContext at = context.at("typed_config");
        if (type.equals(DETECTORS + "EnvironmentResourceDetectorConfig")) {
            return environment(at);
        }
        if (!type.equals(DETECTORS + "StaticConfigResourceDetectorConfig")) {
            at.missing(detector.getName(), type);
            return Map.of();
        }
        var config = at.unpack(typed, StaticConfigResourceDetectorConfig.getDefaultInstance());
        Map<String, String> attributes = new LinkedHashMap<>();
        if (config != null) {
            config.getAttributesMap()
                    .forEach((name, value) -> attributes.put(Octets.of(name), Octets.of(value)));
        }
        return attributes;
    }

    /** {@code name=value,…}; as in Envoy, what cannot be read is said and left out. */
    private static Map<String, String> environment(CompileContext context) {
        String text = context.settings().environment().getOrDefault(VARIABLE, "");
        if (text.isEmpty()) {
            context.warning(
                    "The OpenTelemetry environment resource detector is configured but the '"
                            + VARIABLE
                            + "' environment variable is empty.");
            return Map.of();
        }
        Map<String, String> attributes = new LinkedHashMap<>();
        for (String pair : text.split(",", -1)) {
            String[] parts = pair.split("=", -1);
            if (parts.length != 2) {
                context.warning(
                        "The OpenTelemetry environment resource detector is configured but the '"
                                + VARIABLE
                                + "' environment variable has an invalid format.");
                return Map.of();
            }
            attributes.put(Octets.of(parts[0].strip()), Octets.of(parts[1].strip()));
        }
        return attributes;
    }
}
