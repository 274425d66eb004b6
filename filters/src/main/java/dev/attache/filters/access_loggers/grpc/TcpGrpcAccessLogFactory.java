package dev.attache.filters.access_loggers.grpc;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.config.extension.SharedSlot;
import dev.attache.config.tracing.CustomTagCompiler;
import dev.attache.proxy.accesslog.AccessLogSpec;
import io.envoyproxy.envoy.extensions.access_loggers.grpc.v3.TcpGrpcAccessLogConfig;
import java.util.List;

/** Entries of connections, to a service. */
public final class TcpGrpcAccessLogFactory
        implements ExtensionCompiler<TcpGrpcAccessLogConfig, AccessLogSpec> {

    /** Of {@code StreamAccessLogsMessage}. */
    private static final int TCP_LOGS = 3;

    @Override
    public TcpGrpcAccessLogConfig prototype() {
        return TcpGrpcAccessLogConfig.getDefaultInstance();
    }

    @Override
    public Compiled<AccessLogSpec> compile(TcpGrpcAccessLogConfig proto, CompileContext context) {
        SharedSlot<GrpcLoggers> loggers =
                GrpcLogSettingsFactory.loggers(
                        proto.getCommonConfig(), TCP_LOGS, context.at("common_config"));
        if (loggers == null) {
            return context.result(null);
        }
        TcpEntry form =
                new TcpEntry(
                        List.copyOf(proto.getCommonConfig().getFilterStateObjectsToLogList()),
                        CustomTagCompiler.compile(
                                proto.getCommonConfig().getCustomTagsList(),
                                context.at("common_config")));
        return context.result(new GrpcAccessLogSpec(form, loggers));
    }
}
