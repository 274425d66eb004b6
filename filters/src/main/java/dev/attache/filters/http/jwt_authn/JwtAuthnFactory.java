package dev.attache.filters.http.jwt_authn;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.config.route.RouteMatchCompiler;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Octets;
import dev.attache.proxy.pipeline.HttpFilterSpec;
import dev.attache.proxy.route.match.RequestMatcher;
import dev.attache.proxy.route.match.RouteMatcher;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.FilterStateRule;
import io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication;
import io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.JwtProvider;
import io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.JwtRequirement;
import io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.RequirementRule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The filter with its providers and rules. */
public final class JwtAuthnFactory implements ExtensionCompiler<JwtAuthentication, HttpFilterSpec> {

    @Override
    public JwtAuthentication prototype() {
        return JwtAuthentication.getDefaultInstance();
    }

    @Override
    public Compiled<HttpFilterSpec> compile(JwtAuthentication proto, CompileContext context) {
        Map<String, Provider> providers = new LinkedHashMap<>();
        for (Map.Entry<String, JwtProvider> entry : proto.getProvidersMap().entrySet()) {
            Provider provider =
                    ProviderFactory.compile(
                            entry.getKey(),
                            entry.getValue(),
                            providers.size(),
                            context.at("providers", entry.getKey()));
            if (provider != null) {
                providers.put(entry.getKey(), provider);
            }
        }
        if (providers.size() < proto.getProvidersCount()) {
            return context.result(null);
        }
        RequirementFactory requirements = new RequirementFactory(providers);
        Map<String, Requirement> named =
                map(proto.getRequirementMapMap(), requirements, context.at("requirement_map"));
        List<JwtAuthnSpec.Rule> rules = rules(proto, named, requirements, context);
        String prefix = proto.getStatPrefix();
        return context.result(
                new JwtAuthnSpec(
                        List.copyOf(providers.values()),
                        reserved(providers),
                        rules,
                        named,
                        stateRules(proto, requirements, context.at("filter_state_rules")),
                        proto.getBypassCorsPreflight(),
                        proto.getStripFailureResponse(),
                        prefix.isEmpty() || prefix.endsWith(".") ? prefix : prefix + "."));
    }

    private static Map<String, Requirement> map(
            Map<String, JwtRequirement> protos,
            RequirementFactory requirements,
            CompileContext context) {
        Map<String, Requirement> compiled = new LinkedHashMap<>();
        for (Map.Entry<String, JwtRequirement> entry : protos.entrySet()) {
            Requirement requirement =
                    requirements.compile(entry.getValue(), context.at(entry.getKey()));
            if (requirement != null) {
                compiled.put(Octets.of(entry.getKey()), requirement);
            }
        }
        return compiled;
    }

    private static List<JwtAuthnSpec.Rule> rules(
            JwtAuthentication proto,
            Map<String, Requirement> named,
            RequirementFactory requirements,
            CompileContext context) {
        List<JwtAuthnSpec.Rule> rules = new ArrayList<>(proto.getRulesCount());
        for (int i = 0; i < proto.getRulesCount(); i++) {
            RequirementRule rule = proto.getRules(i);
            CompileContext at = context.at("rules", i);
            refuseIgnored(rule.getMatch(), at.at("match"));
            RouteMatcher match = RouteMatchCompiler.compile(rule.getMatch(), at.at("match"));
            Requirement requirement =
                    switch (rule.getRequirementTypeCase()) {
                        case REQUIRES ->
                                requirements.compile(rule.getRequires(), at.at("requires"));
                        case REQUIREMENT_NAME -> named(rule.getRequirementName(), named, at);
                        case REQUIREMENTTYPE_NOT_SET -> null;
                    };
            if (match != null) {
                rules.add(new JwtAuthnSpec.Rule(new RequestMatcher(match), requirement));
            }
        }
        return List.copyOf(rules);
    }

    /**
     * Envoy reads path, headers and query of a rule's match and passes over the rest, so that a
     * rule matches more than it says: here, where that may open a door, it is said.
     */
    private static void refuseIgnored(RouteMatch match, CompileContext context) {
        refuse(match.hasGrpc(), "grpc", context);
        refuse(match.hasTlsContext(), "tls_context", context);
        refuse(match.hasRuntimeFraction(), "runtime_fraction", context);
        refuse(match.getDynamicMetadataCount() > 0, "dynamic_metadata", context);
        refuse(match.getFilterStateCount() > 0, "filter_state", context);
        refuse(dev.attache.api.Overlay.of(match).has("cookies"), "cookies", context);
    }

    private static void refuse(boolean set, String field, CompileContext context) {
        if (set) {
            context.at(field)
                    .error(
                            "rules of jwt_authn match by path, headers and query parameters only",
                            "Envoy passes over this field, so the rule would match without it:"
                                    + " remove it");
        }
    }

    private static @Nullable Requirement named(
            String name, Map<String, Requirement> named, CompileContext context) {
        Requirement requirement = named.get(Octets.of(name));
        if (requirement == null) {
            context.at("requirement_name")
                    .error(
                            "Wrong requirement_name: "
                                    + name
                                    + ". It should be one of ["
                                    + String.join(",", new TreeSet<>(named.keySet()))
                                    + "]");
        }
        return requirement;
    }

    private static JwtAuthnSpec.StateRules stateRules(
            JwtAuthentication proto, RequirementFactory requirements, CompileContext context) {
        FilterStateRule rule = proto.getFilterStateRules();
        return new JwtAuthnSpec.StateRules(
                rule.getName(), map(rule.getRequiresMap(), requirements, context.at("requires")));
    }

    /** What only verified tokens may say, whichever provider's. */
    private static List<HeaderName> reserved(Map<String, Provider> providers) {
        Set<HeaderName> names = new LinkedHashSet<>();
        for (Provider provider : providers.values()) {
            Provider.Forwarded forwarded = provider.forwarded();
            if (forwarded.payload() != null) {
                names.add(forwarded.payload());
            }
            for (Provider.ClaimHeader claim : forwarded.claims()) {
                names.add(claim.header());
            }
        }
        return List.copyOf(names);
    }
}
