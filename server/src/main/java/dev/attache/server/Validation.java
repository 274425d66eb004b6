package dev.attache.server;

import dev.attache.config.Diagnostic;
import dev.attache.config.Refusals;
import dev.attache.server.assembly.Assembly;
import dev.attache.server.assembly.StartupException;
import dev.attache.server.flags.ServerOptions;
import dev.attache.server.flags.ServerOptions.ReviewOptions;
import dev.attache.server.review.Configuration;
import dev.attache.server.review.Review;
import dev.attache.server.review.useless.Useless;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code --mode validate}: everything is compiled, also what stands in files that the bootstrap or
 * what it leads to names; nothing is opened but log files.
 */
final class Validation {

    private static final Logger LOG = LoggerFactory.getLogger("config");

    private Validation() {}

    /**
     * Checks a configuration. Warnings go to the log.
     *
     * @throws StartupException with all errors if it would not be served as it stands, or with the
     *     number of warnings where those are to be errors
     */
    static void run(ServerOptions options) throws StartupException {
        ReviewOptions wanted = options.review();
        try (Assembly assembly = Assembly.of(options)) {
            int warnings = assembly.warnings().size();
            if (!wanted.bootstrapOnly()) {
                warnings += review(assembly);
            }
            if (wanted.warningsAsErrors() && warnings > 0) {
                throw new StartupException(
                        warnings
                                + (warnings == 1 ? " warning" : " warnings")
                                + ", which --warnings-as-errors makes errors");
            }
        }
    }

    private static int review(Assembly assembly) throws StartupException {
        Configuration configuration = Review.of(assembly);
        List<Diagnostic> warnings = new ArrayList<>(configuration.warnings());
        if (configuration.errors().isEmpty()) {
            warnings.addAll(Useless.in(configuration, assembly.types()));
        }
        warnings.forEach(warning -> LOG.warn("{}", warning.render()));
        if (!configuration.errors().isEmpty()) {
            throw new StartupException(Refusals.text(configuration.errors()));
        }
        return warnings.size();
    }
}
