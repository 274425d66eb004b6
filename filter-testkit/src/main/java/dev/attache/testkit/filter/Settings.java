package dev.attache.testkit.filter;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import dev.attache.config.Compiled;
import dev.attache.config.Diagnostic;
import dev.attache.config.Diagnostics;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.CompileSettings;
import dev.attache.config.extension.ExtensionCategory;
import dev.attache.config.extension.ExtensionEntry;
import dev.attache.config.extension.ExtensionRegistry;
import dev.attache.config.extension.SecretSources;
import dev.attache.config.load.ConfigLoader;
import dev.attache.config.load.UnknownFieldPolicy;
import dev.attache.config.route.RouteConfigurationCompiler;
import dev.attache.proxy.accesslog.LogFiles;
import dev.attache.proxy.pipeline.FilterEntry;
import dev.attache.proxy.pipeline.HttpFilterSpec;
import dev.attache.proxy.route.FilterOverride;
import dev.attache.proxy.route.RouteTable;
import dev.attache.proxy.stats.StatsStore;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Settings in YAML to what the proxy makes of them, by the proxy's own factories: for one opening
 * of a harness, so that nothing is shared between two.
 */
final class Settings {

    private static final String TYPED_CONFIG = "typed_config";
    private static final int LOG_BUFFER = 64;
    private static final int LOG_FLUSH_MILLIS = 10_000;

    private final CompileSettings settings;

    Settings(List<? extends ExtensionEntry> extensions, UnaryOperator<CompileSettings> changed) {
        this.settings =
                changed.apply(
                        CompileSettings.strict(
                                new ExtensionRegistry(List.copyOf(extensions)),
                                SecretSources.offline(Map.of()),
                                new LogFiles(new StatsStore(), LOG_FLUSH_MILLIS, LOG_BUFFER)));
    }

    /** An entry of {@code http_filters}. */
    FilterEntry filter(String yaml) {
        HttpFilter entry = message(yaml, "http_filter", HttpFilter.getDefaultInstance());
        CompileContext context = root("http_filter");
        HttpFilterSpec spec =
                context.check(entry)
                        ? context.at(TYPED_CONFIG)
                                .extension(
                                        ExtensionCategory.HTTP_FILTER,
                                        HttpFilterSpec.class,
                                        entry.getName(),
                                        entry.getTypedConfig())
                        : null;
        return new FilterEntry(entry.getName(), value(context.result(spec)), entry.getDisabled());
    }

    /** An entry of {@code typed_per_filter_config}: with its type, or only {@code disabled}. */
    FilterOverride override(String name, String yaml) {
        Any any = message(yaml, "override", Any.getDefaultInstance());
        CompileContext context = root("override");
        Object config =
                context.extension(ExtensionCategory.HTTP_FILTER_OVERRIDE, Object.class, name, any);
        return new FilterOverride(value(context.result(config)), false);
    }

    /** A {@code RouteConfiguration}. */
    RouteTable routes(String yaml) {
        RouteConfiguration routes =
                message(yaml, "routes", RouteConfiguration.getDefaultInstance());
        return value(RouteConfigurationCompiler.compileResource(routes, settings));
    }

    private CompileContext root(String resource) {
        return CompileContext.root(settings, new Diagnostics(resource));
    }

    private <T extends Message> T message(String yaml, String resource, T prototype) {
        return value(
                        new ConfigLoader(settings.types(), UnknownFieldPolicy.REJECT)
                                .yaml(yaml, resource + ".yaml", prototype, resource))
                .message();
    }

    private static <T> T value(Compiled<T> compiled) {
        return switch (compiled) {
            case Compiled.Ok<T> ok -> ok.value();
            case Compiled.Rejected<T> rejected ->
                    throw new RefusedSettings(
                            rejected.errors().stream().map(Settings::line).toList());
        };
    }

    /** Paths are those within the filter's own settings. */
    private static String line(Diagnostic diagnostic) {
        String path = diagnostic.fieldPath();
        if (path.startsWith(TYPED_CONFIG)) {
            path = path.substring(TYPED_CONFIG.length());
            path = path.startsWith(".") ? path.substring(1) : path;
        }
        return path.isEmpty() ? diagnostic.message() : path + ": " + diagnostic.message();
    }
}
