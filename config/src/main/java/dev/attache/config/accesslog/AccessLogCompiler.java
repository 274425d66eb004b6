package dev.attache.config.accesslog;

import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCategory;
import dev.attache.proxy.accesslog.AccessLogFilter;
import dev.attache.proxy.accesslog.AccessLogSpec;
import dev.attache.proxy.accesslog.FilteredAccessLog;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code envoy.config.accesslog.v3.AccessLog}: a sink behind an optional filter. */
public final class AccessLogCompiler {
    private AccessLogCompiler() {}

    public static List<AccessLogSpec> compile(
            List<io.envoyproxy.envoy.config.accesslog.v3.AccessLog> logs,
            String field,
            CompileContext context) {
        List<AccessLogSpec> compiled = new ArrayList<>();
        for (int i = 0; i < logs.size(); i++) {
            AccessLogSpec log = compile(logs.get(i), context.at(field, i));
            if (log != null) {
                compiled.add(log);
            }
        }
        return compiled;
    }

    /** The log, or null with the error reported. */
    public static @Nullable AccessLogSpec compile(
            io.envoyproxy.envoy.config.accesslog.v3.AccessLog log, CompileContext context) {
        AccessLogSpec sink =
                context.at("typed_config")
                        .extension(
                                ExtensionCategory.ACCESS_LOGGER,
                                AccessLogSpec.class,
                                log.getName(),
                                log.getTypedConfig());
        if (!log.hasFilter()) {
            return sink;
        }
        AccessLogFilter filter = AccessLogFilters.compile(log.getFilter(), context.at("filter"));
        return filter == null || sink == null ? null : new FilteredAccessLog(filter, sink);
    }
}
