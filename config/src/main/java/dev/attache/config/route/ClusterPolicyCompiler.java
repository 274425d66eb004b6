package dev.attache.config.route;

import dev.attache.api.Overlay;
import dev.attache.config.extension.CompileContext;
import dev.attache.proxy.route.RequestPolicies;
import io.envoyproxy.envoy.config.route.v3.RetryPolicy;
import io.envoyproxy.envoy.config.route.v3.RouteAction.HashPolicy;
import io.envoyproxy.envoy.config.route.v3.RouteAction.RequestMirrorPolicy;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;
import java.util.List;

/** Policies of routes that stand in a cluster's {@code HttpProtocolOptions}. */
public final class ClusterPolicyCompiler {
    private ClusterPolicyCompiler() {}

    public static RequestPolicies compile(HttpProtocolOptions options, CompileContext context) {
        Overlay newer = Overlay.of(options);
        RetryPolicy retry = newer.message("retry_policy", RetryPolicy.getDefaultInstance());
        List<HashPolicy> hashes = newer.messages("hash_policy", HashPolicy.getDefaultInstance());
        List<RequestMirrorPolicy> mirrors =
                newer.messages("request_mirror_policies", RequestMirrorPolicy.getDefaultInstance());
        if (retry == null && hashes.isEmpty() && mirrors.isEmpty()) {
            return RequestPolicies.NONE;
        }
        return new RequestPolicies(
                retry == null
                        ? null
                        : RetryPolicyCompiler.compile(retry, context.at("retry_policy")),
                HashPolicyCompiler.compile(hashes, context),
                MirrorCompiler.compile(mirrors, List.of(), null, context));
    }
}
