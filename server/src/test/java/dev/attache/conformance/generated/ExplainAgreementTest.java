package dev.attache.conformance.generated;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A few random requests of each build; {@link ExplainAgreementIT} sends a thousand. */
final class ExplainAgreementTest {

    @Test
    void whatIsExplainedIsWhatIsLogged(@TempDir Path directory) throws Exception {
        ExplainAgreement.compare(30, 1, directory);
    }
}
