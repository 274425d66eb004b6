package dev.attache.filters.rbac;

import dev.attache.proxy.http.HeaderMatcher;
import dev.attache.proxy.matching.StringMatcher;
import dev.attache.proxy.route.match.UriTemplate;
import java.util.List;

/** What is asked of a request's head; a connection has none. */
sealed interface RequestCheck extends Check {

    /** {@code header}. */
    record Header(HeaderMatcher matcher) implements RequestCheck {
        @Override
        public boolean holds(Facts facts) {
            return matcher.matches(facts.headers());
        }

        @Override
        public List<List<Anchor>> anchors() {
            return !matcher.invert()
                            && !matcher.missingAsEmpty()
                            && matcher.test() instanceof HeaderMatcher.Test.Text(var text)
                            && text instanceof StringMatcher.Exact(String value, boolean ignoreCase)
                            && !ignoreCase
                    ? List.of(List.of(new Anchor(new Dimension.HeaderValue(matcher.name()), value)))
                    : List.of();
        }
    }

    /** {@code url_path}. */
    record Path(StringMatcher matcher) implements RequestCheck {
        @Override
        public boolean holds(Facts facts) {
            String path = facts.path();
            return path != null && matcher.matches(path);
        }

        @Override
        public List<List<Anchor>> anchors() {
            return matcher instanceof StringMatcher.Exact(String path, boolean ignoreCase)
                            && !ignoreCase
                    ? List.of(List.of(new Anchor(new Dimension.Path(), path)))
                    : List.of();
        }
    }

    /** {@code uri_template}. */
    record Template(UriTemplate template) implements RequestCheck {
        @Override
        public boolean holds(Facts facts) {
            String path = facts.path();
            return path != null && template.regex().matches(path);
        }
    }
}
