package dev.attache.config.endpoint;

import com.google.protobuf.ByteString;
import dev.attache.config.Compiled;
import dev.attache.config.Diagnostics;
import dev.attache.config.core.Durations;
import dev.attache.config.core.Fractions;
import dev.attache.config.core.MetadataValues;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.CompileSettings;
import dev.attache.config.runtime.Fraction;
import dev.attache.config.validate.Findings;
import dev.attache.proxy.upstream.host.LoadAssignment;
import dev.attache.proxy.upstream.host.Locality;
import dev.attache.proxy.upstream.host.LocalityEndpoints;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** {@code ClusterLoadAssignment} to {@link LoadAssignment}. */
public final class LoadAssignmentCompiler {
    private LoadAssignmentCompiler() {}

    /** A resource of EDS on its own: checks it, then compiles it with literal addresses. */
    public static Compiled<LoadAssignment> compileResource(
            ClusterLoadAssignment assignment, CompileSettings settings) {
        return compileResource(assignment, settings.checker().check(assignment, ""), settings);
    }

    /**
     * As {@link #compileResource}.
     *
     * @param found by a walk over the resource
     */
    public static Compiled<LoadAssignment> compileResource(
            ClusterLoadAssignment assignment, Findings found, CompileSettings settings) {
        Diagnostics diagnostics =
                new Diagnostics("endpoints '" + assignment.getClusterName() + "'");
        CompileContext context = CompileContext.root(settings, diagnostics);
        if (!context.check(found)) {
            return diagnostics.result(null);
        }
        checkDuplicates(assignment, context);
        return diagnostics.result(compile(assignment, NameResolution.NONE, context));
    }

    /** As part of a cluster, whose type says what may stand for an address. */
    public static LoadAssignment compile(
            ClusterLoadAssignment assignment, NameResolution names, CompileContext context) {
        List<LocalityEndpoints> localities = new ArrayList<>();
        for (int i = 0; i < assignment.getEndpointsCount(); i++) {
            CompileContext at = context.at("endpoints", i);
            localities.add(locality(assignment, assignment.getEndpoints(i), names, at));
        }
        ClusterLoadAssignment.Policy policy = assignment.getPolicy();
        CompileContext at = context.at("policy");
        return new LoadAssignment(
                assignment.getClusterName(),
                localities,
                policy.hasOverprovisioningFactor()
                        ? policy.getOverprovisioningFactor().getValue()
                        : LoadAssignment.OVERPROVISIONING_DEFAULT,
                policy.getWeightedPriorityHealth(),
                Durations.millis(policy.getEndpointStaleAfter(), at.at("endpoint_stale_after")),
                dropOverloads(policy, at));
    }

    private static List<LoadAssignment.DropOverload> dropOverloads(
            ClusterLoadAssignment.Policy policy, CompileContext context) {
        List<LoadAssignment.DropOverload> drops = new ArrayList<>();
        if (policy.getDropOverloadsCount() > 1) {
            context.at("drop_overloads")
                    .error(
                            "Cluster drop_overloads config has %d categories. Envoy only support one."
                                    .formatted(policy.getDropOverloadsCount()));
        }
        for (int i = 0; i < policy.getDropOverloadsCount(); i++) {
            var drop = policy.getDropOverloads(i);
            CompileContext at = context.at("drop_overloads", i).at("drop_percentage");
            Fraction fraction = Fractions.compile(drop.getDropPercentage(), at);
            drops.add(
                    new LoadAssignment.DropOverload(
                            drop.getCategory(), fraction.numerator(), fraction.denominator()));
        }
        return drops;
    }

    private static LocalityEndpoints locality(
            ClusterLoadAssignment assignment,
            LocalityLbEndpoints endpoints,
            NameResolution names,
            CompileContext context) {
        return new LocalityEndpoints(
                new Locality(
                        endpoints.getLocality().getRegion(),
                        endpoints.getLocality().getZone(),
                        endpoints.getLocality().getSubZone()),
                endpoints.getLoadBalancingWeight().getValue(),
                endpoints.getPriority(),
                EndpointCompiler.compile(assignment, endpoints, names, context),
                MetadataValues.compile(endpoints.getMetadata()));
    }

    /**
     * EDS may name a locality once per priority, and priorities must not leave gaps. Localities are
     * compared by their bytes: the hash code of a message builds descriptors.
     */
    private static void checkDuplicates(ClusterLoadAssignment assignment, CompileContext context) {
        Map<Integer, Set<ByteString>> seen = new HashMap<>();
        for (int i = 0; i < assignment.getEndpointsCount(); i++) {
            LocalityLbEndpoints endpoints = assignment.getEndpoints(i);
            boolean fresh =
                    seen.computeIfAbsent(endpoints.getPriority(), p -> new HashSet<>())
                            .add(endpoints.getLocality().toByteString());
            if (!fresh && endpoints.hasLocality()) {
                context.at("endpoints", i)
                        .error(
                                "duplicate locality found in EDS response: priority %d, %s"
                                        .formatted(
                                                endpoints.getPriority(),
                                                endpoints.getLocality().toString().strip()));
            }
        }
        int expected = 0;
        for (int priority : new TreeSet<>(seen.keySet())) {
            if (priority > expected) {
                context.warning("priority " + expected + " has no endpoints");
                break;
            }
            expected++;
        }
    }
}
