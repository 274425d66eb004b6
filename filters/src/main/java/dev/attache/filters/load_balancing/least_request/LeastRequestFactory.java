package dev.attache.filters.load_balancing.least_request;

import dev.attache.config.Compiled;
import dev.attache.config.cluster.balancing.PolicyChoice;
import dev.attache.config.cluster.balancing.PolicySettings;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.proxy.upstream.lb.LeastRequestSpec;
import io.envoyproxy.envoy.extensions.load_balancing_policies.least_request.v3.LeastRequest;

/** Least request: the less busy of some hosts. */
public final class LeastRequestFactory implements ExtensionCompiler<LeastRequest, PolicyChoice> {
    @Override
    public LeastRequest prototype() {
        return LeastRequest.getDefaultInstance();
    }

    @Override
    public Compiled<PolicyChoice> compile(LeastRequest proto, CompileContext context) {
        LeastRequestSpec defaults = LeastRequestSpec.DEFAULTS;
        LeastRequestSpec spec =
                new LeastRequestSpec(
                        proto.hasChoiceCount()
                                ? proto.getChoiceCount().getValue()
                                : defaults.choiceCount(),
                        proto.hasActiveRequestBias()
                                ? PolicySettings.runtimeDouble(
                                        proto.getActiveRequestBias(),
                                        context.at("active_request_bias"))
                                : defaults.activeRequestBias(),
                        proto.getSelectionMethod() == LeastRequest.SelectionMethod.FULL_SCAN,
                        PolicySettings.slowStart(
                                proto.hasSlowStartConfig(),
                                proto.getSlowStartConfig(),
                                context.at("slow_start_config")));
        return context.result(
                new PolicyChoice(spec, PolicySettings.locality(proto.getLocalityLbConfig())));
    }
}
