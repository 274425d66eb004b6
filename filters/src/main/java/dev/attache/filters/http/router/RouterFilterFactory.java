package dev.attache.filters.http.router;

import dev.attache.config.Compiled;
import dev.attache.config.accesslog.AccessLogCompiler;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.config.support.MessageSupport;
import dev.attache.proxy.router.RouterSpec;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import java.util.List;

/** The router. */
public final class RouterFilterFactory implements ExtensionCompiler<Router, RouterSpec> {
    @Override
    public Router prototype() {
        return Router.getDefaultInstance();
    }

    @Override
    public Compiled<RouterSpec> compile(Router proto, CompileContext context) {
        return context.result(
                new RouterSpec(
                        proto.getSuppressEnvoyHeaders(),
                        proto.getRespectExpectedRqTimeout(),
                        AccessLogCompiler.compile(
                                proto.getUpstreamLogList(), "upstream_log", context)));
    }

    @Override
    public List<MessageSupport> support() {
        return List.of(
                MessageSupport.of(Router.getDescriptor())
                        .honoured("suppress_envoy_headers", "respect_expected_rq_timeout")
                        .noEffect("attempts are not logged one by one yet", "upstream_log")
                        .noEffect("statistics by response code are always kept", "dynamic_stats")
                        .noEffect("there is no tracer that could start a span", "start_child_span")
                        .noEffect(
                                "gRPC failures are counted by their HTTP status",
                                "suppress_grpc_request_failure_code_stats")
                        .refused("strict header checks are not built yet", "strict_check_headers")
                        .refused("entries are written once per attempt", "upstream_log_options")
                        .refused(
                                "upstream HTTP filters are not built yet",
                                "upstream_http_filters"));
    }
}
