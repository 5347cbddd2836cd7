# The frozen encoder, taking the adapter and the head as one flat vector of parameters.
class Trainer(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  embeddings : __torch__.Embeddings
  padding : __torch__.Padding
${layer-attributes}
  # The hidden states below the lowest adapted layer, which no parameter changes.
  def frozen(self: __torch__.Trainer,
    ids: Tensor,
    lengths: Tensor,
    first_lengths: Tensor) -> Tensor:
    x = (self.embeddings).forward(ids, first_lengths, )
    bias = (self.padding).bias(x, lengths, )
${frozen-calls}
    return x
  # The cross-entropy of one class a row, summed over the rows whose class is known.
  def text_loss(self: __torch__.Trainer,
    logits: Tensor,
    classes: Tensor) -> Tensor:
    return torch.cross_entropy_loss(logits, classes, None, 2, ${none})
  # The cross-entropy of the tags, of each row the mean over the tokens whose tag is known, summed over the rows.
  def token_loss(self: __torch__.Trainer,
    logits: Tensor,
    tags: Tensor) -> Tensor:
    rows = torch.size(tags, 0)
    flat = torch.reshape(logits, [-1, torch.size(logits, 2)])
    each = torch.cross_entropy_loss(flat, torch.reshape(tags, [-1]), None, 0, ${none})
    known = torch.sum(torch.to(torch.ne(tags, ${none}), 6), [1])
    sums = torch.sum(torch.reshape(each, [rows, -1]), [1])
    return torch.sum(sums / torch.clamp(known, 1., None))
  # What the heads say wrong of a batch, summed over rows and heads.
  def loss(self: __torch__.Trainer,
    hidden: Tensor,
    lengths: Tensor,
    labels: Tensor,
    tags: Tensor,
    parameters: Tensor) -> Tensor:
    parts = torch.split_with_sizes(parameters, [${part-sizes}], 0)
    x = hidden
    bias = (self.padding).bias(x, lengths, )
${adapted-calls}
    pooled = (self.padding).mean(x, lengths, )
${losses}
    return loss
  # The same with parameters of its own for every row, (batch, parameters): a gradient by them is one for every row.
  def loss_each(self: __torch__.Trainer,
    hidden: Tensor,
    lengths: Tensor,
    labels: Tensor,
    tags: Tensor,
    parameters: Tensor) -> Tensor:
    rows = torch.size(hidden, 0)
    parts = torch.split_with_sizes(parameters, [${part-sizes}], 1)
    x = hidden
    bias = (self.padding).bias(x, lengths, )
${adapted-calls-each}
    pooled = torch.unsqueeze((self.padding).mean(x, lengths, ), 1)
${losses-each}
    return loss
  # The summed loss followed by its gradient, in one vector.
  def gradient(self: __torch__.Trainer,
    hidden: Tensor,
    lengths: Tensor,
    labels: Tensor,
    tags: Tensor,
    parameters: Tensor) -> Tensor:
    variable = torch.requires_grad_(torch.detach(parameters))
    loss = (self).loss(hidden, lengths, labels, tags, variable, )
    gradients = torch.grad([loss], [variable], None, False, False, False)
    gradient = unchecked_cast(Tensor, gradients[0])
    return torch.cat([torch.reshape(torch.detach(loss), [1]), gradient], 0)
  # The gradient of every row's loss, (batch, parameters), by one pass backwards.
  def gradients(self: __torch__.Trainer,
    hidden: Tensor,
    lengths: Tensor,
    labels: Tensor,
    tags: Tensor,
    parameters: Tensor) -> Tensor:
    copies = torch.expand(torch.unsqueeze(parameters, 0), [torch.size(hidden, 0), -1])
    variable = torch.requires_grad_(torch.detach(copies))
    loss = (self).loss_each(hidden, lengths, labels, tags, variable, )
    gradients = torch.grad([loss], [variable], None, False, False, False)
    return unchecked_cast(Tensor, gradients[0])
