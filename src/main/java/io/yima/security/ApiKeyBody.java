package io.yima.security;

import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The body that asks for a key, before any rule was checked. */
@Schema(name = "CreateApiKey", description = "The key to make.")
record ApiKeyBody(
    @Schema(
            description = "What people call the key; stands in ledger and history.",
            examples = "erp",
            required = true,
            minLength = 1,
            maxLength = 128)
        @Nullable String name,
    @Schema(
            implementation = KeyScope[].class,
            description = "What the key may do; gateway stands alone.",
            examples = "[\"read\", \"write\"]",
            required = true,
            minItems = 1)
        @Nullable List<@Nullable String> scopes,
    @Schema(
            implementation = String[].class,
            description = "Restricts the key to these authorizers.",
            examples = "[\"wxdemo00merchant01\"]",
            minItems = 1,
            maxItems = 1000)
        @Nullable List<@Nullable String> authorizerAppids,
    @Schema(
            description = "When the key stops working, in the future; never when left out.",
            examples = "2027-09-27T00:00:00Z",
            format = "date-time")
        @Nullable String expiresAt) {}
