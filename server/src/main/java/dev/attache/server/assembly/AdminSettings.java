package dev.attache.server.assembly;

import dev.attache.api.Overlay;
import dev.attache.api.Packed;
import dev.attache.config.accesslog.AccessLogCompiler;
import dev.attache.config.core.Addresses;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.matching.StringMatchers;
import dev.attache.proxy.accesslog.AccessLog;
import dev.attache.proxy.address.Address;
import dev.attache.server.admin.AdminServer.PathFilter;
import io.envoyproxy.envoy.config.bootstrap.v3.Admin;
import io.envoyproxy.envoy.extensions.access_loggers.file.v3.FileAccessLog;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code envoy.config.bootstrap.v3.Admin}, compiled. Immutable. */
public record AdminSettings(
        Address address, List<AccessLog> accessLogs, List<PathFilter> allowPaths) {

    /** Null where no admin address is configured. */
    static @Nullable AdminSettings compile(Admin admin, CompileContext context) {
        if (!admin.hasAddress()) {
            return null;
        }
        Address address = Addresses.literal(admin.getAddress(), context.at("address"));
        List<io.envoyproxy.envoy.config.accesslog.v3.AccessLog> logs =
                new ArrayList<>(admin.getAccessLogList());
        legacyLog(admin).ifPresent(logs::add);
        List<AccessLog> compiled = AccessLogCompiler.compile(logs, "access_log", context);
        return address == null
                ? null
                : new AdminSettings(address, compiled, allowPaths(admin, context));
    }

    private static List<PathFilter> allowPaths(Admin admin, CompileContext context) {
        List<StringMatcher> matchers =
                Overlay.of(admin).messages("allow_paths", StringMatcher.getDefaultInstance());
        List<PathFilter> filters = new ArrayList<>();
        for (int i = 0; i < matchers.size(); i++) {
            var matcher = StringMatchers.compile(matchers.get(i), context.at("allow_paths", i));
            if (matcher != null) {
                filters.add(matcher::matches);
            }
        }
        return filters;
    }

    /** The deprecated {@code access_log_path}, which many control planes still write. */
    @SuppressWarnings("deprecation")
    private static java.util.Optional<io.envoyproxy.envoy.config.accesslog.v3.AccessLog> legacyLog(
            Admin admin) {
        String path = admin.getAccessLogPath();
        if (path.isEmpty()) {
            return java.util.Optional.empty();
        }
        return java.util.Optional.of(
                io.envoyproxy.envoy.config.accesslog.v3.AccessLog.newBuilder()
                        .setName("envoy.access_loggers.file")
                        .setTypedConfig(Packed.of(FileAccessLog.newBuilder().setPath(path).build()))
                        .build());
    }
}
