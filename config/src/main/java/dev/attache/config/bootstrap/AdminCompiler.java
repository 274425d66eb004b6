package dev.attache.config.bootstrap;

import dev.attache.api.Overlay;
import dev.attache.api.Packed;
import dev.attache.config.accesslog.AccessLogCompiler;
import dev.attache.config.core.Addresses;
import dev.attache.config.core.SocketOptions;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCategory;
import dev.attache.config.matching.StringMatchers;
import dev.attache.proxy.accesslog.AccessLogSpec;
import dev.attache.proxy.address.Address;
import dev.attache.proxy.matching.StringMatcher;
import io.envoyproxy.envoy.config.bootstrap.v3.Admin;
import io.envoyproxy.envoy.extensions.access_loggers.file.v3.FileAccessLog;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code Bootstrap.admin}. */
final class AdminCompiler {
    private AdminCompiler() {}

    /** Null where there is no address. */
    static @Nullable AdminSettings compile(Admin admin, CompileContext context) {
        if (!admin.hasAddress()) {
            return null;
        }
        CompileContext at = context.at("address");
        Address address =
                admin.getAddress().hasSocketAddress()
                        ? Addresses.socket(
                                admin.getAddress().getSocketAddress(), at.at("socket_address"))
                        : Addresses.literal(admin.getAddress(), at);
        List<AccessLogSpec> logs = logs(admin, context);
        List<StringMatcher> allowed = allowedPaths(admin, context);
        return address == null
                ? null
                : new AdminSettings(
                        address,
                        logs,
                        allowed,
                        SocketOptions.listener(admin.getSocketOptionsList(), context));
    }

    @SuppressWarnings("deprecation") // access_log_path is what Consul and Kuma send
    private static List<AccessLogSpec> logs(Admin admin, CompileContext context) {
        List<AccessLogSpec> logs =
                new ArrayList<>(
                        AccessLogCompiler.compile(admin.getAccessLogList(), "access_log", context));
        if (!admin.getAccessLogPath().isEmpty()) {
            FileAccessLog file =
                    FileAccessLog.newBuilder().setPath(admin.getAccessLogPath()).build();
            AccessLogSpec log =
                    context.at("access_log_path")
                            .extension(
                                    ExtensionCategory.ACCESS_LOGGER,
                                    AccessLogSpec.class,
                                    "envoy.access_loggers.file",
                                    Packed.of(file));
            if (log != null) {
                logs.add(log);
            }
        }
        return logs;
    }

    private static List<StringMatcher> allowedPaths(Admin admin, CompileContext context) {
        var matchers =
                Overlay.of(admin)
                        .messages(
                                "allow_paths",
                                io.envoyproxy.envoy.type.matcher.v3.StringMatcher
                                        .getDefaultInstance());
        List<StringMatcher> allowed = new ArrayList<>();
        for (int i = 0; i < matchers.size(); i++) {
            StringMatcher matcher =
                    StringMatchers.compile(matchers.get(i), context.at("allow_paths", i));
            if (matcher != null) {
                allowed.add(matcher);
            }
        }
        return allowed;
    }
}
