package dev.attache.filters.http.jwt_authn;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.metadata.FilterState;
import dev.attache.proxy.pipeline.HttpFilterFactory;
import dev.attache.proxy.pipeline.HttpFilterScope;
import dev.attache.proxy.pipeline.HttpFilterSpec;
import dev.attache.proxy.route.match.RequestMatcher;
import dev.attache.proxy.stream.StreamInfo;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * {@code JwtAuthentication}.
 *
 * @param reserved headers that only this filter may set
 * @param rules in order; the first that matches counts
 * @param named {@code requirement_map}
 * @param byState asked where no rule matches
 * @param statPrefix between the filter's own and the names of its statistics; empty or with a dot
 */
record JwtAuthnSpec(
        List<Provider> providers,
        List<HeaderName> reserved,
        List<Rule> rules,
        Map<String, Requirement> named,
        StateRules byState,
        boolean bypassCorsPreflight,
        boolean stripFailureResponse,
        String statPrefix)
        implements HttpFilterSpec {

    /**
     * @param requirement null = nothing is asked where it matches
     */
    record Rule(RequestMatcher match, @Nullable Requirement requirement) {}

    /**
     * {@code filter_state_rules}: the text of an object of the filter state names a requirement.
     *
     * @param object its name; empty = none
     */
    record StateRules(String object, Map<String, Requirement> requirements) {
        @Nullable Requirement requirement(FilterState state) {
            if (object.isEmpty() || requirements.isEmpty()) {
                return null;
            }
            return state.get(object) instanceof FilterState.Text(String text)
                    ? requirements.get(text)
                    : null;
        }
    }

    @Override
    public HttpFilterFactory open(HttpFilterScope scope) {
        return new OpenedJwtAuthn(this, scope);
    }

    /** What the request must bring where its route says nothing; null = nothing. */
    @Nullable Requirement requirement(Headers request, StreamInfo info) {
        for (int i = 0; i < rules.size(); i++) {
            Rule rule = rules.get(i);
            if (rule.match().matches(request, info)) {
                return rule.requirement();
            }
        }
        return byState.requirement(info.filterState());
    }

    /** Why a name of a route's is none, in Envoy's words. */
    String wrongName(String name) {
        return "Wrong requirement_name: "
                + name
                + ". It should be one of ["
                + String.join(",", new TreeSet<>(named.keySet()))
                + "]";
    }

    /** By issuer, the first provider of each. */
    Map<String, Provider> byIssuer() {
        Map<String, Provider> first = new HashMap<>();
        for (Provider provider : providers) {
            first.putIfAbsent(provider.issuer(), provider);
        }
        return first;
    }
}
