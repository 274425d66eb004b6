package dev.attache.filters.http.header_to_metadata;

import dev.attache.config.extension.CompileContext;
import dev.attache.config.matching.StringMatchers;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Octets;
import dev.attache.proxy.matching.Regex;
import io.envoyproxy.envoy.extensions.filters.http.header_to_metadata.v3.Config;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rules of the filter and of routes. Stateless. */
final class RulesFactory {

    private static final String NAMESPACE = "envoy.filters.http.header_to_metadata";

    private RulesFactory() {}

    static HeaderToMetadataSettings settings(Config proto, CompileContext context) {
        return new HeaderToMetadataSettings(
                rules(proto.getRequestRulesList(), true, context),
                rules(proto.getResponseRulesList(), false, context),
                proto.getStatPrefix());
    }

    private static List<Rule> rules(
            List<Config.Rule> rules, boolean ofRequest, CompileContext context) {
        List<Rule> compiled = new ArrayList<>(rules.size());
        for (int i = 0; i < rules.size(); i++) {
            CompileContext at = context.at(ofRequest ? "request_rules" : "response_rules", i);
            String problem = problem(rules.get(i));
            if (problem == null) {
                compiled.add(rule(rules.get(i), ofRequest, at));
            } else {
                at.error(problem);
            }
        }
        return compiled;
    }

    private static @Nullable String problem(Config.Rule rule) {
        boolean cookie = !rule.getCookie().isEmpty();
        boolean header = !rule.getHeader().isEmpty();
        Config.KeyValuePair present = rule.getOnHeaderPresent();
        if (cookie && header) {
            return "Cannot specify both header and cookie in the same rule";
        }
        if (!cookie && !header) {
            return "One of Cookie or Header option needs to be specified";
        }
        if (!rule.hasOnHeaderPresent() && !rule.hasOnHeaderMissing()) {
            return "header to metadata filter: rule for %s '%s' has neither `on_header_present` nor"
                            .formatted(
                                    cookie ? "cookie" : "header",
                                    cookie ? rule.getCookie() : rule.getHeader())
                    + " `on_header_missing` set";
        }
        if (!present.getValue().isEmpty() && present.hasRegexValueRewrite()) {
            return "Cannot specify both value and regex_value_rewrite";
        }
        if (cookie && rule.getRemove()) {
            return "Cannot specify remove for cookie";
        }
        if (rule.hasOnHeaderMissing() && rule.getOnHeaderMissing().getValue().isEmpty()) {
            return "Cannot specify on_header_missing rule with an empty value";
        }
        return null;
    }

    private static Rule rule(Config.Rule rule, boolean ofRequest, CompileContext context) {
        HeaderName name = HeaderName.of(rule.getHeader());
        if (ofRequest && name == HeaderName.HOST) {
            name = HeaderName.AUTHORITY;
        }
        Selector selector =
                rule.getCookie().isEmpty()
                        ? new Selector.Header(name, rule.getRemove())
                        : new Selector.Cookie(Octets.of(rule.getCookie()));
        Regex rewrite = null;
        Config.KeyValuePair present = rule.getOnHeaderPresent();
        if (present.hasRegexValueRewrite()) {
            rewrite =
                    StringMatchers.regex(
                            present.getRegexValueRewrite().getPattern(),
                            context.at("on_header_present")
                                    .at("regex_value_rewrite")
                                    .at("pattern"));
        }
        return new Rule(
                selector,
                rule.hasOnHeaderPresent() ? target(present) : null,
                rule.hasOnHeaderMissing() ? target(rule.getOnHeaderMissing()) : null,
                rewrite,
                Octets.of(present.getRegexValueRewrite().getSubstitution()));
    }

    private static Target target(Config.KeyValuePair pair) {
        return new Target(
                pair.getMetadataNamespace().isEmpty() ? NAMESPACE : pair.getMetadataNamespace(),
                pair.getKey(),
                Octets.of(pair.getValue()),
                switch (pair.getType()) {
                    case NUMBER -> Target.Type.NUMBER;
                    case PROTOBUF_VALUE -> Target.Type.PROTOBUF_VALUE;
                    case STRING, UNRECOGNIZED -> Target.Type.STRING;
                },
                pair.getEncode() == Config.ValueEncode.BASE64);
    }
}
