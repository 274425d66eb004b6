package dev.attache.config.matching;

import com.github.xds.core.v3.TypedExtensionConfig;
import com.google.protobuf.Any;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCategory;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.connection.ConnectionMatchInput;
import dev.attache.proxy.matching.CommonMatchInput;
import dev.attache.proxy.matching.MatchInput;
import dev.attache.proxy.stream.HttpMatchData;
import dev.attache.proxy.stream.HttpMatchInput;
import org.jspecify.annotations.Nullable;

/**
 * Inputs by the type of their message, out of the registry: those of what is looked at, and those
 * of any tree. Null answers mean that the error has been reported.
 */
public final class MatchInputs {
    private MatchInputs() {}

    /** An input of trees that look at requests. */
    public static @Nullable MatchInput<HttpMatchData> http(
            TypedExtensionConfig config, CompileContext context) {
        return http(config.getName(), config.getTypedConfig(), context);
    }

    /**
     * As {@link #http(TypedExtensionConfig, CompileContext)}.
     *
     * @param config at {@code typed_config}
     */
    public static @Nullable MatchInput<HttpMatchData> http(
            String name, Any config, CompileContext context) {
        return isCommon(ExtensionCategory.HTTP_MATCHING_INPUT, config, context)
                ? common(name, config, context)
                : context.at("typed_config")
                        .extension(
                                ExtensionCategory.HTTP_MATCHING_INPUT,
                                HttpMatchInput.class,
                                name,
                                config);
    }

    /** An input of trees that look at connections. */
    public static @Nullable MatchInput<ConnectionInfo> network(
            TypedExtensionConfig config, CompileContext context) {
        String name = config.getName();
        Any input = config.getTypedConfig();
        return isCommon(ExtensionCategory.NETWORK_MATCHING_INPUT, input, context)
                ? common(name, input, context)
                : context.at("typed_config")
                        .extension(
                                ExtensionCategory.NETWORK_MATCHING_INPUT,
                                ConnectionMatchInput.class,
                                name,
                                input);
    }

    /** Whether an input looks at requests alone, and is not one of any tree. */
    public static boolean isOfRequests(Any config, CompileContext context) {
        return context.knowsExtension(ExtensionCategory.HTTP_MATCHING_INPUT, config);
    }

    private static boolean isCommon(ExtensionCategory own, Any config, CompileContext context) {
        return !context.knowsExtension(own, config)
                && context.knowsExtension(ExtensionCategory.COMMON_MATCHING_INPUT, config);
    }

    private static <D> @Nullable MatchInput<D> common(
            String name, Any config, CompileContext context) {
        CommonMatchInput input =
                context.at("typed_config")
                        .extension(
                                ExtensionCategory.COMMON_MATCHING_INPUT,
                                CommonMatchInput.class,
                                name,
                                config);
        return input == null ? null : input.of();
    }
}
