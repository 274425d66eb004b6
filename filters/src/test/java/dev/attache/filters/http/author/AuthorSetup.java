package dev.attache.filters.http.author;

import dev.attache.filter.Filter;
import dev.attache.filter.FilterPlan;
import dev.attache.filter.OverridableFilterFactory;
import dev.attache.filter.Settings;
import dev.attache.testkit.filter.FilterHarness;
import dev.attache.testkit.filter.FilterSetup;
import java.util.function.Function;

/** Filters of an author in a test, each made of a lambda. */
final class AuthorSetup {
    private AuthorSetup() {}

    /** A filter whose settings do not matter. */
    static FilterSetup of(Filter filter) {
        return of("{}", settings -> scope -> filter);
    }

    /** A filter as its factory makes it of settings in YAML. */
    static FilterSetup of(String settings, Function<Settings, FilterPlan> configure) {
        return FilterHarness.of(new Factory(configure), settings);
    }

    private record Factory(Function<Settings, FilterPlan> configure)
            implements OverridableFilterFactory {
        @Override
        public String name() {
            return "com.example.tested";
        }

        @Override
        public FilterPlan configure(Settings settings) {
            return configure.apply(settings);
        }

        @Override
        public Object override(Settings settings) {
            return settings.text("say", "nothing");
        }
    }
}
