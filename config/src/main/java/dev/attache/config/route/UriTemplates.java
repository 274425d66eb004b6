package dev.attache.config.route;

import dev.attache.config.extension.CompileContext;
import dev.attache.proxy.route.match.UriTemplate;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.extensions.path.match.uri_template.v3.UriTemplateMatchConfig;
import org.jspecify.annotations.Nullable;

/** {@code envoy.path.match.uri_template}, the one path matcher that there is. */
public final class UriTemplates {
    private UriTemplates() {}

    /** The template, or null with the error reported. */
    public static @Nullable UriTemplate compile(
            TypedExtensionConfig matcher, CompileContext context) {
        UriTemplateMatchConfig config =
                context.at("typed_config")
                        .unpack(
                                matcher.getTypedConfig(),
                                UriTemplateMatchConfig.getDefaultInstance());
        if (config == null) {
            return null;
        }
        try {
            return UriTemplate.parse(config.getPathTemplate());
        } catch (IllegalArgumentException e) {
            context.at("typed_config").at("path_template").error(String.valueOf(e.getMessage()));
            return null;
        }
    }
}
