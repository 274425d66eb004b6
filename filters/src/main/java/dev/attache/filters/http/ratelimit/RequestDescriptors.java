package dev.attache.filters.http.ratelimit;

import dev.attache.filters.http.ratelimit.RateLimitOverride.VirtualHostLimits;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.pipeline.HttpFilterScope;
import dev.attache.proxy.ratelimit.Descriptor;
import dev.attache.proxy.ratelimit.DescriptorInputs;
import dev.attache.proxy.ratelimit.RateLimitPolicy;
import dev.attache.proxy.route.Route;
import dev.attache.proxy.route.RouteAction;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.proxy.upstream.Cluster;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one request counts as, at its begin and at its end, by the route that it had at its begin.
 * Loop-confined.
 *
 * @param cluster where the request goes
 * @param metadataMatch the subset of hosts that its route wants, of the service's too; or null
 */
record RequestDescriptors(
        RateLimitFilterSpec spec,
        HttpFilterScope scope,
        FilterContext context,
        Route route,
        RouteAction.Forward forward,
        Cluster cluster,
        MetadataValue.@Nullable Struct metadataMatch,
        @Nullable RateLimitOverride ofRoute)
        implements DescriptorInputs {

    private static final long PERCENT = 100;

    List<Descriptor> atBegin() {
        return descriptors(false);
    }

    List<Descriptor> atEnd() {
        return descriptors(true);
    }

    private List<Descriptor> descriptors(boolean atEnd) {
        List<Descriptor> to = new ArrayList<>();
        if (ofRoute != null && !ofRoute.policies().isEmpty()) {
            addAll(ofRoute.policies(), atEnd, to);
        } else if (!spec.policies().isEmpty()) {
            addAll(spec.policies(), atEnd, to);
        } else {
            addOfStage(forward.rateLimits(), atEnd, to);
            if (includesVirtualHost()) {
                addOfStage(route.virtualHost().spec().rateLimits(), atEnd, to);
            }
        }
        return to;
    }

    private boolean includesVirtualHost() {
        if (forward.includeVirtualHostRateLimits()) {
            return true;
        }
        VirtualHostLimits option =
                ofRoute == null ? VirtualHostLimits.OVERRIDE : ofRoute.virtualHostLimits();
        return switch (option) {
            case INCLUDE -> true;
            case OVERRIDE -> forward.rateLimits().isEmpty();
            case IGNORE -> false;
        };
    }

    private void addAll(List<RateLimitPolicy> policies, boolean atEnd, List<Descriptor> to) {
        for (int i = 0; i < policies.size(); i++) {
            if (policies.get(i).onStreamDone() == atEnd) {
                add(policies.get(i), to);
            }
        }
    }

    private void addOfStage(List<RateLimitPolicy> policies, boolean atEnd, List<Descriptor> to) {
        for (int i = 0; i < policies.size(); i++) {
            RateLimitPolicy policy = policies.get(i);
            if (policy.stage() == spec.stage()
                    && policy.onStreamDone() == atEnd
                    && isEnabled(policy)) {
                add(policy, to);
            }
        }
    }

    private boolean isEnabled(RateLimitPolicy policy) {
        return policy.enabledPercent() >= PERCENT
                || Long.remainderUnsigned(scope.worker().random(), PERCENT)
                        < policy.enabledPercent();
    }

    private void add(RateLimitPolicy policy, List<Descriptor> to) {
        Descriptor descriptor = policy.descriptor(this);
        if (descriptor != null) {
            to.add(descriptor);
        }
    }

    @Override
    public Headers requestHeaders() {
        return context.requestHeaders();
    }

    @Override
    public StreamInfo info() {
        return context.info();
    }

    @Override
    public String nodeCluster() {
        return scope.nodeCluster();
    }

    @Override
    public String destinationCluster() {
        return cluster.spec().name();
    }
}
