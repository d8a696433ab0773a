package io.yima.lookups;

import io.yima.codes.CodeApplication;
import io.yima.wechat.BoundCode;
import org.jspecify.annotations.Nullable;

/**
 * A code as WeChat told it, with what the ledger adds.
 *
 * @param application null: it was not ordered here
 * @param codeIndex its place in its batch; null: not known, because WeChat does not tell it and no
 *     package that is stored does
 */
record FoundCode(BoundCode told, @Nullable CodeApplication application, @Nullable Long codeIndex) {}
