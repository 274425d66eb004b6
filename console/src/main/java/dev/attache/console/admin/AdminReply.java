package dev.attache.console.admin;

import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;

/**
 * An answer that is there as a whole.
 *
 * @param body as UTF-8
 */
public record AdminReply(int status, String contentType, String body) {

    /**
     * The body read as JSON.
     *
     * @throws IOException if it is none
     */
    public JsonElement json() throws IOException {
        try {
            return JsonParser.parseString(body);
        } catch (JsonParseException e) {
            throw new IOException("the answer is no JSON: " + e.getMessage(), e);
        }
    }
}
