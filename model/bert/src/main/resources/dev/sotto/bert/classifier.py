# The encoder with the adapter merged into its weights, and a linear head each: of texts over the mean of the states, of
# tokens over every state. Texts come end to end, by ascending length: counts[i] of them with lengths[i] tokens each, sizes is both.
class Classifier(Module):
  __parameters__ = [${head-names}]
  __buffers__ = []
  training : bool
  embeddings : __torch__.Embeddings
${layer-attributes}
${head-attributes}
  def prepare(self: __torch__.Classifier) -> Tensor:
${prepare-layers}
    return torch.empty([0])
  def counts(self: __torch__.Classifier,
    sizes: Tensor,
    column: int) -> List[int]:
    counts = annotate(List[int], [])
    for i in range(torch.size(sizes, 0)):
      _0 = torch.append(counts, int(torch.select(torch.select(sizes, 0, i), 0, column)))
    return counts
  # (tokens, hidden)
  def hidden(self: __torch__.Classifier,
    ids: Tensor,
    positions: Tensor,
    segments: Tensor,
    sizes: Tensor) -> Tensor:
    counts = (self).counts(sizes, 0, )
    lengths = (self).counts(sizes, 1, )
    x = (self.embeddings).at(ids, positions, segments, )
${layer-calls}
    return torch.to(x, 6)
  # The mean of every text's states, (texts, hidden).
  def pooled(self: __torch__.Classifier,
    states: Tensor,
    sizes: Tensor) -> Tensor:
    counts = (self).counts(sizes, 0, )
    lengths = (self).counts(sizes, 1, )
    means = annotate(List[Tensor], [])
    start = 0
    for i in range(torch.len(counts)):
      end = torch.add(start, torch.mul(counts[i], lengths[i]))
      texts = torch.reshape(torch.slice(states, 0, start, end), [counts[i], lengths[i], ${hidden}])
      _0 = torch.append(means, torch.mean(texts, [1]))
      start = end
    return torch.cat(means, 0)
  # The outputs of all heads of texts side by side, (texts, outputs).
  def logits(self: __torch__.Classifier,
    ids: Tensor,
    positions: Tensor,
    segments: Tensor,
    sizes: Tensor) -> Tensor:
    pooled = (self).pooled((self).hidden(ids, positions, segments, sizes, ), sizes, )
    return torch.cat([${text-logits}], 1)
  # Their probabilities.
  def forward(self: __torch__.Classifier,
    ids: Tensor,
    positions: Tensor,
    segments: Tensor,
    sizes: Tensor) -> Tensor:
    pooled = (self).pooled((self).hidden(ids, positions, segments, sizes, ), sizes, )
    return torch.cat([${text-probabilities}], 1)
${tags}
