# The encoder with the adapter merged into its weights, and a linear head each: of texts over the mean of the states, of
# tokens over every state.
class Classifier(Module):
  __parameters__ = [${head-names}]
  __buffers__ = []
  training : bool
  embeddings : __torch__.Embeddings
  padding : __torch__.Padding
${layer-attributes}
${head-attributes}
  def prepare(self: __torch__.Classifier) -> Tensor:
${prepare-layers}
    return torch.empty([0])
  def hidden(self: __torch__.Classifier,
    ids: Tensor,
    lengths: Tensor,
    first_lengths: Tensor) -> Tensor:
    x = (self.embeddings).forward(ids, first_lengths, )
    bias = (self.padding).bias(x, lengths, )
${layer-calls}
    return torch.to(x, 6)
  # The outputs of all heads of texts side by side, (batch, outputs).
  def logits(self: __torch__.Classifier,
    ids: Tensor,
    lengths: Tensor,
    first_lengths: Tensor) -> Tensor:
    pooled = (self.padding).mean((self).hidden(ids, lengths, first_lengths, ), lengths, )
    return torch.cat([${text-logits}], 1)
  # Their probabilities.
  def forward(self: __torch__.Classifier,
    ids: Tensor,
    lengths: Tensor,
    first_lengths: Tensor) -> Tensor:
    pooled = (self.padding).mean((self).hidden(ids, lengths, first_lengths, ), lengths, )
    return torch.cat([${text-probabilities}], 1)
${tags}
