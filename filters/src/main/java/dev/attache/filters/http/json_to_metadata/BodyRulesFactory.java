package dev.attache.filters.http.json_to_metadata;

import dev.attache.config.core.MetadataValues;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.matching.StringMatchers;
import dev.attache.proxy.http.Octets;
import dev.attache.proxy.matching.Regex;
import io.envoyproxy.envoy.extensions.filters.http.json_to_metadata.v3.JsonToMetadata;
import io.envoyproxy.envoy.extensions.filters.http.json_to_metadata.v3.JsonToMetadata.KeyValuePair;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Rules of the filter and of routes. Stateless. */
final class BodyRulesFactory {

    private static final String NAMESPACE = "envoy.filters.http.json_to_metadata";
    private static final String DEFAULT_CONTENT_TYPE = "application/json";

    private BodyRulesFactory() {}

    static JsonToMetadataSettings settings(JsonToMetadata proto, CompileContext context) {
        return new JsonToMetadataSettings(
                body(proto.getRequestRules(), context.at("request_rules")),
                body(proto.getResponseRules(), context.at("response_rules")));
    }

    private static BodyRules body(JsonToMetadata.MatchRules proto, CompileContext context) {
        List<Rule> rules = new ArrayList<>(proto.getRulesCount());
        for (int i = 0; i < proto.getRulesCount(); i++) {
            CompileContext at = context.at("rules", i);
            String problem = problem(proto.getRules(i));
            if (problem == null) {
                rules.add(rule(proto.getRules(i)));
            } else {
                at.error(problem);
            }
        }
        Set<String> types = new HashSet<>();
        for (String type : proto.getAllowContentTypesList()) {
            types.add(Octets.of(type));
        }
        if (types.isEmpty()) {
            types.add(DEFAULT_CONTENT_TYPE);
        }
        Regex regex =
                proto.hasAllowContentTypesRegex()
                        ? StringMatchers.regex(
                                proto.getAllowContentTypesRegex(),
                                context.at("allow_content_types_regex"))
                        : null;
        return new BodyRules(rules, types, regex, proto.getAllowEmptyContentType());
    }

    private static @Nullable String problem(JsonToMetadata.Rule rule) {
        if (!rule.hasOnPresent() && !rule.hasOnMissing()) {
            return "json to metadata filter: neither `on_present` nor `on_missing` set";
        }
        if (rule.hasOnMissing() && !rule.getOnMissing().hasValue()) {
            return "json to metadata filter: cannot specify on_missing rule with empty value";
        }
        if (rule.hasOnError() && !rule.getOnError().hasValue()) {
            return "json to metadata filter: cannot specify on_error rule with empty value";
        }
        return null;
    }

    private static Rule rule(JsonToMetadata.Rule rule) {
        List<String> path = new ArrayList<>(rule.getSelectorsCount());
        rule.getSelectorsList().forEach(selector -> path.add(selector.getKey()));
        return new Rule(
                path,
                rule.hasOnPresent() ? target(rule.getOnPresent()) : null,
                rule.hasOnMissing() ? target(rule.getOnMissing()) : null,
                rule.hasOnError() ? target(rule.getOnError()) : null);
    }

    private static Target target(KeyValuePair pair) {
        return new Target(
                pair.getMetadataNamespace().isEmpty() ? NAMESPACE : pair.getMetadataNamespace(),
                pair.getKey(),
                pair.hasValue() ? MetadataValues.compile(pair.getValue()) : null,
                switch (pair.getType()) {
                    case STRING -> Target.Type.STRING;
                    case NUMBER -> Target.Type.NUMBER;
                    case PROTOBUF_VALUE, UNRECOGNIZED -> Target.Type.PROTOBUF_VALUE;
                },
                pair.getPreserveExistingMetadataValue());
    }
}
