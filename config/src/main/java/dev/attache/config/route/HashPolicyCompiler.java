package dev.attache.config.route;

import dev.attache.config.core.Durations;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.matching.StringMatchers;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Octets;
import dev.attache.proxy.matching.Regex;
import dev.attache.proxy.route.RouteAction.HashPolicy;
import dev.attache.proxy.route.RouteAction.HashPolicy.Source;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code RouteAction.HashPolicy}. */
final class HashPolicyCompiler {
    private HashPolicyCompiler() {}

    static List<HashPolicy> compile(
            List<io.envoyproxy.envoy.config.route.v3.RouteAction.HashPolicy> policies,
            CompileContext context) {
        if (policies.isEmpty()) {
            return List.of();
        }
        List<HashPolicy> compiled = new ArrayList<>();
        for (int i = 0; i < policies.size(); i++) {
            Source source = source(policies.get(i), context.at("hash_policy", i));
            if (source != null) {
                compiled.add(new HashPolicy(source, policies.get(i).getTerminal()));
            }
        }
        return compiled;
    }

    private static @Nullable Source source(
            io.envoyproxy.envoy.config.route.v3.RouteAction.HashPolicy policy,
            CompileContext context) {
        return switch (policy.getPolicySpecifierCase()) {
            case HEADER -> header(policy, context.at("header"));
            case COOKIE -> {
                var cookie = policy.getCookie();
                List<String> attributes =
                        cookie.getAttributesList().stream()
                                .map(a ->
                                        a.getValue().isEmpty()
                                                ? a.getName()
                                                : a.getName() + "=" + a.getValue())
                                .toList();
                long ttl =
                        cookie.hasTtl()
                                ? Durations.millis(cookie.getTtl(), context.at("cookie").at("ttl"))
                                        / 1000
                                : -1;
                yield new Source.Cookie(
                        Octets.of(cookie.getName()), ttl, cookie.getPath(), attributes);
            }
            case CONNECTION_PROPERTIES ->
                    policy.getConnectionProperties().getSourceIp() ? new Source.SourceIp() : null;
            case QUERY_PARAMETER ->
                    new Source.QueryParameter(Octets.of(policy.getQueryParameter().getName()));
            case FILTER_STATE -> new Source.FilterStateKey(policy.getFilterState().getKey());
            case POLICYSPECIFIER_NOT_SET -> null;
        };
    }

    private static @Nullable Source header(
            io.envoyproxy.envoy.config.route.v3.RouteAction.HashPolicy policy,
            CompileContext context) {
        var header = policy.getHeader();
        HeaderName name = HeaderName.of(header.getHeaderName());
        if (!header.hasRegexRewrite()) {
            return new Source.Header(name, null, "");
        }
        CompileContext at = context.at("regex_rewrite").at("pattern");
        Regex regex = StringMatchers.regex(header.getRegexRewrite().getPattern(), at);
        return regex == null
                ? null
                : new Source.Header(
                        name, regex, Octets.of(header.getRegexRewrite().getSubstitution()));
    }
}
