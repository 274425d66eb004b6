package dev.attache.conformance.generated;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A thousand random requests: see {@link ExplainAgreement}. */
@Tag("conformance")
final class ExplainAgreementIT {

    @Test
    void whatIsExplainedIsWhatIsLogged(@TempDir Path directory) throws Exception {
        ExplainAgreement.compare(Integer.getInteger("explain.requests", 1000), 5001, directory);
    }
}
