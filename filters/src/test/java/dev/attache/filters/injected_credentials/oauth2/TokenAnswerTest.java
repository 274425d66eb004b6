package dev.attache.filters.injected_credentials.oauth2;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class TokenAnswerTest {

    private static @Nullable TokenAnswer read(String body) {
        return TokenAnswer.read(body.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void tokenAndTimeAreRead() {
        TokenAnswer expected = new TokenAnswer("t", 60);
        assertThat(read("{\"access_token\":\"t\",\"expires_in\":60,\"x\":[1]}"))
                .isEqualTo(expected);
        assertThat(read("{\"access_token\":\"t\",\"expires_in\":\"60\"}")).isEqualTo(expected);
    }

    @Test
    void whatSaysNotBothIsNone() {
        for (String body :
                List.of(
                        "",
                        "no",
                        "[]",
                        "{}",
                        "{\"access_token\":\"t\"}",
                        "{\"expires_in\":60}",
                        "{\"access_token\":1,\"expires_in\":60}",
                        "{\"access_token\":\"t\",\"expires_in\":-1}",
                        "{\"access_token\":\"t\",\"expires_in\":1.5}",
                        "{\"access_token\":\"t\",\"expires_in\":\"soon\"}")) {
            assertThat(read(body)).as(body).isNull();
        }
    }

    @Test
    void aRequestSaysWhoAsksForWhat() {
        TokenRequest request =
                new TokenRequest(
                        "tokens",
                        "tokens.test",
                        "/token",
                        1000,
                        "i d",
                        "client",
                        "a b",
                        List.of(new TokenRequest.Parameter("p&", "=")));
        assertThat(new String(request.body("s+%"), StandardCharsets.ISO_8859_1))
                .isEqualTo(
                        "grant_type=client_credentials&client_id=i%20d&client_secret=s%2B%25"
                                + "&scope=a%20b&p%26=%3D");
    }
}
