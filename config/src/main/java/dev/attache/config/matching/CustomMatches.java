package dev.attache.config.matching;

import com.github.xds.core.v3.TypedExtensionConfig;
import com.github.xds.type.matcher.v3.IPMatcher;
import com.github.xds.type.matcher.v3.Matcher.MatcherTree;
import com.github.xds.type.matcher.v3.ServerNameMatcher;
import dev.attache.config.core.CidrRanges;
import dev.attache.config.extension.CompileContext;
import dev.attache.proxy.http.Octets;
import dev.attache.proxy.matching.CidrRange;
import dev.attache.proxy.matching.MatchInput;
import dev.attache.proxy.matching.MatchTree;
import dev.attache.proxy.matching.MatchTree.OnMatch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code matcher_tree.custom_match}: maps that know what their values mean. They hold further
 * trees, and so are read here and not in rooms of their own.
 *
 * @param <D> what the tree looks at
 * @param <A> what it picks
 */
final class CustomMatches<D, A> {
    private static final String IP = "xds.type.matcher.v3.IPMatcher";
    private static final String SERVER_NAME = "xds.type.matcher.v3.ServerNameMatcher";

    private final MatchTrees<D, A> trees;
    private final @Nullable MatchInput<D> input;
    private final @Nullable OnMatch<D, A> otherwise;

    /**
     * @param input null = its error has been reported
     * @param otherwise {@code on_no_match}
     */
    CustomMatches(
            MatchTrees<D, A> trees,
            @Nullable MatchInput<D> input,
            @Nullable OnMatch<D, A> otherwise) {
        this.trees = trees;
        this.input = input;
        this.otherwise = otherwise;
    }

    /** What Envoy calls the kind of a tree's map. */
    static String nameOf(MatcherTree tree) {
        return switch (CompileContext.messageType(tree.getCustomMatch().getTypedConfig())) {
            case IP -> "IP range matcher";
            case SERVER_NAME -> "domain matcher";
            default -> "map matcher";
        };
    }

    /** Null with the error reported. */
    @Nullable MatchTree<D, A> compile(TypedExtensionConfig config, CompileContext context) {
        String type = CompileContext.messageType(config.getTypedConfig());
        CompileContext at = context.at("typed_config");
        switch (type) {
            case IP -> {
                IPMatcher ranges =
                        at.unpack(config.getTypedConfig(), IPMatcher.getDefaultInstance());
                return ranges == null ? null : ranges(ranges, at);
            }
            case SERVER_NAME -> {
                ServerNameMatcher names =
                        at.unpack(config.getTypedConfig(), ServerNameMatcher.getDefaultInstance());
                return names == null ? null : names(names, at);
            }
            default -> {
                at.missing(config.getName(), type);
                return null;
            }
        }
    }

    private @Nullable MatchTree<D, A> ranges(IPMatcher matcher, CompileContext context) {
        List<MatchTree.Range<D, A>> ranges = new ArrayList<>();
        for (int i = 0; i < matcher.getRangeMatchersCount(); i++) {
            var entry = matcher.getRangeMatchers(i);
            CompileContext at = context.at("range_matchers", i);
            OnMatch<D, A> onMatch = trees.onMatch(entry.getOnMatch(), at.at("on_match"));
            for (CidrRange range : CidrRanges.compileXds(entry.getRangesList(), "ranges", at)) {
                if (onMatch != null) {
                    ranges.add(new MatchTree.Range<>(range, entry.getExclusive(), onMatch));
                }
            }
        }
        return input == null ? null : MatchTree.ofRanges(input, ranges, otherwise);
    }

    private @Nullable MatchTree<D, A> names(ServerNameMatcher matcher, CompileContext context) {
        Map<String, OnMatch<D, A>> names = new HashMap<>();
        Map<String, OnMatch<D, A>> domains = new HashMap<>();
        OnMatch<D, A> anyName = null;
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < matcher.getDomainMatchersCount(); i++) {
            var entry = matcher.getDomainMatchers(i);
            CompileContext at = context.at("domain_matchers", i);
            OnMatch<D, A> onMatch = trees.onMatch(entry.getOnMatch(), at.at("on_match"));
            for (int j = 0; j < entry.getDomainsCount(); j++) {
                String domain = entry.getDomains(j);
                if (!isGood(domain, seen, at.at("domains", j)) || onMatch == null) {
                    continue;
                }
                if (domain.equals("*")) {
                    anyName = onMatch;
                } else if (domain.startsWith("*")) {
                    domains.put(Octets.of(domain.substring(2)), onMatch);
                } else {
                    names.put(Octets.of(domain), onMatch);
                }
            }
        }
        return input == null
                ? null
                : MatchTree.ofServerNames(input, names, domains, anyName, otherwise);
    }

    private static boolean isGood(String domain, Set<String> seen, CompileContext context) {
        String problem = null;
        if (!seen.add(domain)) {
            problem = "Duplicate domain in ServerNameMatcher: " + domain;
        } else if (domain.isEmpty()) {
            problem = "Empty domain in ServerNameMatcher";
        } else if (domain.indexOf('*') >= 0 && !domain.equals("*")) {
            if (!domain.startsWith("*.") || domain.length() < 3) {
                problem =
                        "Invalid wildcard domain format: "
                                + domain
                                + ". Only '*' and '*.domain' patterns are supported";
            } else if (domain.indexOf('*', 1) >= 0) {
                problem =
                        "Invalid wildcard domain format: "
                                + domain
                                + ". Multiple wildcards are not supported";
            }
        }
        if (problem != null) {
            context.error(problem);
        }
        return problem == null;
    }
}
