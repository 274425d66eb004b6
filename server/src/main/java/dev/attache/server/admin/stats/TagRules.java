package dev.attache.server.admin.stats;

import dev.attache.proxy.stats.tags.DefaultTags;
import dev.attache.proxy.stats.tags.TagExtraction;
import dev.attache.proxy.stats.tags.TagRule;
import dev.attache.server.flags.ServerOptions;
import io.envoyproxy.envoy.config.metrics.v3.StatsConfig;
import io.envoyproxy.envoy.config.metrics.v3.TagSpecifier;
import java.util.ArrayList;
import java.util.List;

/** {@code stats_config.stats_tags} and {@code --stats-tag}, compiled. Pure. */
public final class TagRules {

    private TagRules() {}

    /**
     * The rules of one bootstrap, Envoy's own before those that were added.
     *
     * @throws java.util.regex.PatternSyntaxException on an invalid {@code regex}
     */
    public static TagExtraction of(StatsConfig config, ServerOptions options) {
        List<TagRule> rules = new ArrayList<>();
        if (!config.hasUseAllDefaultTags() || config.getUseAllDefaultTags().getValue()) {
            rules.addAll(DefaultTags.RULES);
        }
        options.statsTags().forEach(tag -> rules.add(TagRule.fixed(tag.name(), tag.value())));
        for (TagSpecifier tag : config.getStatsTagsList()) {
            switch (tag.getTagValueCase()) {
                case REGEX -> rules.add(TagRule.regex(tag.getTagName(), tag.getRegex(), ""));
                case FIXED_VALUE -> rules.add(TagRule.fixed(tag.getTagName(), tag.getFixedValue()));
                case TAGVALUE_NOT_SET ->
                        DefaultTags.RULES.stream()
                                .filter(rule -> rule.tag().equals(tag.getTagName()))
                                .forEach(rules::add);
            }
        }
        return new TagExtraction(rules);
    }
}
